Option Explicit

Private WithEvents host As Application

Private Sub Workbook_Open()
    Set host = Application
    StartUp
    AskAgainSoon
End Sub

' Also of another book: its cells may have asked while it opened.
Private Sub host_WorkbookOpen(ByVal Wb As Workbook)
    AskAgainSoon
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
