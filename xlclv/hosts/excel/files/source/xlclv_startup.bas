' What happens when the book opens: the help of the functions, the key Ctrl+Shift+R.
Option Explicit
Option Private Module

Private Const ADD_IN As String = "xlclv.xlam"
Private Const REFRESH_KEY As String = "^+r"

Public Sub StartUp()
    If ThisWorkbook.IsAddin Then TakeKey
    ' Excel takes help only once it is ready for the user.
    On Error Resume Next
    Application.OnTime Now, InThisBook("RegisterHelp")
End Sub

Public Sub TakeKey()
    If IsInCharge() Then Application.OnKey REFRESH_KEY, InThisBook("Refresh")
End Sub

Public Sub ReturnKey()
    If IsInCharge() Then Application.OnKey REFRESH_KEY
End Sub

' Where the add-in is open it serves every book, this one too.
Public Function IsInCharge() As Boolean
    Dim other As Workbook
    If Not ThisWorkbook.IsAddin Then
        On Error Resume Next
        Set other = Workbooks(ADD_IN)
        On Error GoTo 0
    End If
    IsInCharge = other Is Nothing
End Function

Public Function InThisBook(ByVal macroName As String) As String
    InThisBook = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & macroName
End Function
