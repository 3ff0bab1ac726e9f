Option Explicit

Private Sub Workbook_Open()
    StartUp
End Sub

' An add-in is never active; it takes its key when it starts.
Private Sub Workbook_Activate()
    TakeKey
End Sub

Private Sub Workbook_Deactivate()
    ReturnKey
End Sub

Private Sub Workbook_BeforeClose(Cancel As Boolean)
    If ThisWorkbook.IsAddin Then ReturnKey
End Sub
